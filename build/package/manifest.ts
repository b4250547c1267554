/** What the repository's package.json tells of the package. */
export interface Described {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * The package.json of the npm package. All that the bundles are made of is in them, but for koffi, whose binary npm chooses by
 * the machine, and without which only the counters of packets are missing.
 */
export function packageManifest(described: Described): unknown {
  const { name, version, description, license, engines, dependencies } = described;
  const koffi = dependencies['koffi'];
  if (koffi === undefined) throw new Error('package.json: dependencies: expected koffi');
  return {
    name,
    version,
    description,
    keywords: ['kubernetes', 'latency', 'opentelemetry', 'kubectl-plugin'],
    license,
    type: 'module',
    bin: {
      'kube-latency': launcher,
      'kubectl-latency': launcher,
      'kubectl_complete-latency': launcher,
    },
    engines,
    optionalDependencies: { koffi },
  };
}

/** The file that all names of the command start. */
export const launcher = 'bin/kube-latency.mjs';
