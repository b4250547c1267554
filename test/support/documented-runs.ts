/** What becomes of a command line of README.md and docs/ in the tests. */
export type Run =
  /** test/e2e/docs-commands.e2e.test.ts runs it on the cluster; it may end with these exit codes. */
  | { readonly kind: 'on-the-cluster'; readonly codes: readonly number[] }
  /** Not run as it stands, for this reason. */
  | { readonly kind: 'elsewhere'; readonly why: string };

const runs: Run = { kind: 'on-the-cluster', codes: [0] };
/** 1 says that something was found, which is no fault of the command. */
const judges: Run = { kind: 'on-the-cluster', codes: [0, 1] };

/** 3 says that no pod was ready on the node yet. */
const isComplete: Run = { kind: 'on-the-cluster', codes: [0, 3] };

function elsewhere(why: string): Run {
  return { kind: 'elsewhere', why };
}

/** By the line as it is documented. */
export const documentedRuns: Readonly<Record<string, Run>> = {
  'kube-latency explain last': elsewhere('the same as with npx, which is run'),
  'npm ci': elsewhere('.ci/run does, before any test'),
  'npm ci && npm start': elsewhere('.ci/run does the one, test/e2e/main.ts the other'),
  'npm test': elsewhere('is what runs these tests'),
  'npx kube-latency probe': runs,
  'npx kube-latency probe --count 5': runs,
  'npx kube-latency probe --count 20 --concurrency 10': runs,
  'npx kube-latency probe --fail-over wait=5s': judges,
  'npx kube-latency probe --here --namespace default --first-packet none': runs,
  'npx kube-latency trace last': runs,
  'npx kube-latency explain last': runs,
  'npx kube-latency status': runs,
  'npx kube-latency doctor': judges,
  'npx kube-latency report': runs,
  'npx kube-latency boot --node kube-latency-worker': isComplete,
  'npx kube-latency boot --node kube-latency-worker --output waterfall': isComplete,
  'npx kube-latency boot --node kube-latency-worker --output html --file boot.html': isComplete,
  'npx kube-latency boot ./var/log': elsewhere(
    'there are no such logs; test/unit/cli/boot reads those of fixtures',
  ),
  'npx kube-latency rtt': runs,
  'npx kube-latency view': runs,
  'export KUBECONFIG=~/.local/state/kube-latency/local/kubeconfig': elsewhere(
    'changes a shell; test/e2e/kubectl.e2e.test.ts takes the file',
  ),
  'npx kube-latency up --on local': elsewhere('test/e2e/start.e2e.test.ts makes that cluster'),
  'npx kube-latency up --on kind': elsewhere('test/e2e/kind.ts makes that cluster'),
  'npx kube-latency down': elsewhere('test/e2e/down.e2e.test.ts and kind-down.e2e.test.ts do'),
  'npm run kube-latency -- up': elsewhere('test/e2e/start.e2e.test.ts makes that cluster'),
  'npm run chaos': elsewhere('half an hour; test/e2e/chaos.e2e.test.ts does a share of it'),
  'kubectl get npr': elsewhere(
    'test/e2e/network-prober-definition.e2e.test.ts looks at its columns',
  ),
  'kubectl label namespace shop probes.bigmikes.io/injection=enabled': elsewhere(
    'the namespace is an example; test/e2e/operator-injection.e2e.test.ts labels its own',
  ),
  'npm run operator:deploy': elsewhere(
    'would inject into pods of other tests; docs/first-minutes.md tells of the run by hand',
  ),
  'npm run operator:undeploy': elsewhere(
    'test/e2e/network-prober-operator.e2e.test.ts does, on an API server of its own',
  ),
  'npm run operator:uninstall': elsewhere(
    'test/e2e/network-prober-operator.e2e.test.ts does, on an API server of its own',
  ),
  'helm install kube-latency manifests/chart --namespace kube-latency --create-namespace --set clusterName=production --set environment.BACKEND_ENDPOINT=jaeger.example.com:4317 --set image.repository=registry.example.com/kube-latency/kube-latency':
    elsewhere('names are examples; test/e2e/chart-install.e2e.test.ts installs it'),
  'npx kube-latency explain last --backend http://jaeger.example.com:16686': elsewhere(
    'the name is an example; test/e2e/kind-cluster.e2e.test.ts reads a Jaeger',
  ),
  'helm uninstall kube-latency --namespace kube-latency': elsewhere(
    'test/e2e/chart-install.e2e.test.ts does',
  ),
  'npm run package': elsewhere('test/e2e/package.e2e.test.ts packs it'),
  'npm install --global ./dist/kube-latency-0.1.0.tgz': elsewhere(
    'changes the machine; test/e2e/package.e2e.test.ts installs it in an empty folder',
  ),
  'kubectl latency probe': elsewhere('test/e2e/package-probe.e2e.test.ts does'),
  'kubectl latency explain last': elsewhere('the same as with npx, which is run'),
  'source <(kube-latency completion bash)': elsewhere(
    'changes a shell; test/unit/cli/completion/shells.test.ts runs it in three',
  ),
  'npm run kube-latency -- up --on local --nodes 3': elsewhere(
    'a larger cluster than that of the tests',
  ),
  'npx mocha --reporter spec test/e2e/rtt.e2e.test.ts': elsewhere('npm run test:e2e runs it'),
  'npm run soak': elsewhere('an hour; test/e2e/soak.e2e.test.ts does a share of it'),
};
