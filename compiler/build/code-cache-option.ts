/** First argument of an artifact that is to write its code cache: the second one names the file. See code-cache.ts. */
export const CODE_CACHE_OPTION = '--write-code-cache';
