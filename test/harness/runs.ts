/** How often a property of the model is tried: so often that it takes little time, or as often as $ETCD_VIM_RUNS says. */

const wanted = Number(process.env['ETCD_VIM_RUNS'] ?? 0);

/** @param few in a usual run @returns at least these */
export const runs = (few: number): number => Math.max(few, wanted);
