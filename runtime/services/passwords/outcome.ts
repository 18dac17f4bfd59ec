/** What comparing a password can give. */

/** `unusable`: the stored text cannot be checked (unknown scheme, broken, too expensive, no capacity); never a mismatch. */
export type PasswordOutcome =
  | { readonly kind: 'match' }
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'unusable'; readonly message: string };
