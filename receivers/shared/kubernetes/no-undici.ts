/**
 * Stands in for undici in bundles. Only client-node's generated API clients call it; this project
 * takes connections and credentials from its KubeConfig and sends requests itself. It would be a
 * third of a bundle.
 */
class NotBundled {
  constructor() {
    throw new Error('undici is not part of this bundle');
  }
}

export const Agent = NotBundled;
export const ProxyAgent = NotBundled;
export const FormData = NotBundled;
export const fetch = NotBundled;
