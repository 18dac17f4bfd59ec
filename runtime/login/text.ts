/** The fields of a login are byte strings; these are the two ways out of that and into it. */
export { fromUtf8, toUtf8String } from '../engine/api.ts';
