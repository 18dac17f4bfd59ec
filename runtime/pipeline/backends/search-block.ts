/** Blocks of a backend's configuration that are for some protocols. */

/** The first block that names the protocol, else the first that names `default`. */
export function blockFor<Block extends { readonly protocol: readonly string[] }>(
  protocol: string,
  blocks: readonly Block[],
): Block | undefined {
  const serving = (wanted: string) => blocks.find(({ protocol: served }) => served.includes(wanted));
  return serving(protocol) ?? serving('default');
}
