/** In the place of Node's `performance`, for which it loads nine modules of its own. We ask for the time alone. */
export const performance = { now: () => Number(process.hrtime.bigint()) / 1e6 };
