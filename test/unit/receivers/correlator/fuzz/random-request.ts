import { spanId, traceId, uid } from '../harness.ts';
import { encode, fixed64, hex, message, number, text, type Field } from './field.ts';
import { pick, whole, type Random } from './random.ts';

const podNames = ['p1', 'p2', 'p3'];
const services = ['kubelet', 'containerd', 'apiserver', 'etcd', 'else'];
const spanNames = [
  'syncPod',
  'HTTP GET',
  'authentication',
  'runtime.v1.RuntimeService/StopContainer',
];

function attribute(key: string, value: string): Field {
  return message(9, [text(1, key), message(2, [text(1, value)])]);
}

function attributesOf(random: Random): Field[] {
  const pod = pick(random, podNames);
  return pick(random, [
    [attribute('k8s.pod.uid', uid(pod))],
    [
      attribute('sandbox.id', `s-${pod}`),
      attribute('sandbox.name', `${pod}_kube-latency_${uid(pod)}_0`),
    ],
    [attribute('container.id', `c-${pod}`)],
    [attribute('http.target', `/api/v1/namespaces/kube-latency/pods/${pod}/status`)],
    [attribute('url.full', `https://10.0.0.1:6443/api/v1/namespaces/kube-latency/pods/${pod}`)],
    [attribute('key', `/registry/pods/kube-latency/${pod}`)],
    [attribute('rpc.system', 'grpc')],
  ]);
}

function span(random: Random, trace: string): Field[] {
  const id = `${trace} ${whole(random, 50)}`;
  const startNs = 100_000_000_000n + BigInt(whole(random, 1_000_000)) * 1000n;
  return [
    hex(1, traceId(trace)),
    hex(2, spanId(id)),
    ...(random() < 0.7 ? [hex(4, spanId(`${trace} ${whole(random, 50)}`))] : []),
    text(5, pick(random, spanNames)),
    number(6, 1 + whole(random, 3)),
    fixed64(7, startNs),
    fixed64(8, startNs + 1_000_000n),
    ...attributesOf(random),
    message(11, [fixed64(1, startNs), text(2, 'an event')]),
    ...(random() < 0.2
      ? [message(13, [hex(1, traceId(`t${whole(random, 300)}`)), hex(2, spanId(id))])]
      : []),
    message(15, [number(3, 1)]),
  ];
}

/** Of longer requests only the first spans are fields: 10,000 of them would take more memory than the correlator. */
const mostSpansAsFields = 100;

/** The fields of a sound ExportTraceServiceRequest about pods that come and go; more than 100 spans are of one trace. */
export function randomRequest(random: Random, spans: number): Field[] {
  const trace = (): string => `t${whole(random, 300)}`;
  const one = trace();
  const service = message(2, [text(1, pick(random, services))]);
  const resource = message(1, [message(1, [text(1, 'service.name'), service])]);
  const items = Array.from({ length: spans }, (_, index) => {
    const fields = span(random, spans > mostSpansAsFields ? one : trace());
    return message(2, index < mostSpansAsFields ? fields : encode(fields));
  });
  return [message(1, [resource, message(2, [message(1, [text(1, 'scope')]), ...items])])];
}
