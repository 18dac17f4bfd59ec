/** 15 buckets in seconds from 1 ms, each 1.75 times the one before (server.md section 9). */
export const DURATION_BUCKETS: readonly number[] = Array.from({ length: 15 }, (_, index) => 0.001 * 1.75 ** index);
