/** Style elements are let in by this word alone; the server makes a new one for every load of the page. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';
}
