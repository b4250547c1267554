/**
 * Stands in for undici in bundles. Only client-node's generated API clients call it; this project
 * takes connections and credentials from its KubeConfig and sends requests itself. It would be a
 * third of a bundle.
 */
function notBundled(): never {
  throw new Error('undici is not part of this bundle');
}

export {
  notBundled as Agent,
  notBundled as FormData,
  notBundled as ProxyAgent,
  notBundled as fetch,
};
