/** An image by tag, as Dockerfiles and manifests name it. */
export interface ImageReference {
  /** What requests go to: `registry-1.docker.io`, `quay.io`, `127.0.0.1:5000`. */
  readonly host: string;
  /** `library/node` */
  readonly repository: string;
  readonly tag: string;
  /** The reference as it was written, without a digest. */
  readonly written: string;
}

const dockerHub = 'registry-1.docker.io';

/**
 * Reads `[HOST/]REPOSITORY:TAG[@DIGEST]` by the rules of Docker. Undefined for what no registry knows: images that exist on
 * this machine alone (`localhost/...`), and `scratch`. Throws for one without a tag.
 */
export function parseReference(text: string): ImageReference | undefined {
  const written = text.replace(/@sha256:[0-9a-f]{64}$/, '');
  if (written === 'scratch' || written.startsWith('localhost/')) return undefined;
  const { name, tag } = /^(?<name>[^@]+):(?<tag>[\w][\w.-]{0,127})$/.exec(written)?.groups ?? {};
  if (name === undefined || tag === undefined)
    throw new Error(`${text}: expected an image with a tag`);
  const slash = name.indexOf('/');
  const first = name.slice(0, slash);
  const hasHost = slash > 0 && (/[.:]/.test(first) || first === 'localhost');
  const domain = hasHost ? first : 'docker.io';
  const path = hasHost ? name.slice(slash + 1) : name;
  const isHub = domain === 'docker.io' || domain === 'index.docker.io';
  return {
    host: isHub ? dockerHub : domain,
    repository: isHub && !path.includes('/') ? `library/${path}` : path,
    tag,
    written,
  };
}
