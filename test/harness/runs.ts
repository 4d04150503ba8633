/** How often a property of the model is tried: as often as it takes little time, or as $ETCD_VIM_RUNS says. */

const wanted = Number(process.env['ETCD_VIM_RUNS'] ?? 0);

/** @param few of a usual run @returns at least these */
export const runs = (few: number): number => Math.max(few, wanted);
