import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { al2Boot, al2Host } from '../../test/fixtures/log-tailer/al2-boot.ts';

const corpusBytes = 200_000_000;

/** What a log holds, and how it is written. */
export interface Corpus {
  readonly name: string;
  readonly source: 'Messages' | 'Journal';
  /** Writes a block of whole lines, the same one for the same number. */
  readonly block: (random: Random, number: number) => Buffer;
  readonly bytes: number;
}

const blockBytes = 8_000_000;
const matching = `kubelet_node_status.go:563] "Recording event message for node" node="${al2Host}" event="NodeReady"`;

export const corpora = {
  /** A boot, and what a node logs after it. */
  boot: {
    name: 'a boot, then lines without a match',
    source: 'Messages',
    bytes: corpusBytes,
    block: (random, number) =>
      Buffer.from(number === 0 ? al2Boot().messages : lines(random, () => quiet(random))),
  },
  tenth: {
    name: 'a match on every tenth line',
    source: 'Messages',
    bytes: corpusBytes,
    block: (random) =>
      Buffer.from(
        lines(random, (index) => (index % 10 === 0 ? matchingLine(random) : quiet(random))),
      ),
  },
  every: {
    name: 'a match on every line',
    source: 'Messages',
    bytes: corpusBytes,
    block: (random) => Buffer.from(lines(random, () => matchingLine(random))),
  },
  journal: {
    name: 'text of a journal: systemd 252, containerd 2, microseconds',
    source: 'Journal',
    bytes: corpusBytes,
    block: (random) => Buffer.from(lines(random, () => quiet(random), isoHead)),
  },
  random: {
    name: 'random bytes',
    source: 'Messages',
    bytes: corpusBytes,
    block: (random) =>
      Buffer.from(Uint32Array.from({ length: blockBytes / 4 }, () => random(2 ** 32)).buffer),
  },
  line: {
    name: 'one line of 100 MB',
    source: 'Messages',
    bytes: corpusBytes / 2,
    block: (random, number) => {
      const text = lines(random, () => quiet(random)).replaceAll('\n', ' ');
      return Buffer.from(number === 0 ? `${syslogHead(random)} ${text}` : text);
    },
  },
} as const satisfies Readonly<Record<string, Corpus>>;

/** Writes a corpus and gives its path. */
export async function writeCorpus(folder: string, { name, block, bytes }: Corpus): Promise<string> {
  const path = join(folder, `${name.replaceAll(/\W+/g, '-')}.log`);
  const file = await open(path, 'w');
  try {
    await fill(file, block, bytes);
  } finally {
    await file.close();
  }
  return path;
}

async function fill(file: FileHandle, block: Corpus['block'], bytes: number): Promise<void> {
  const random = createRandom(20221128);
  const first = block(random, 0);
  await file.write(first);
  const rest = block(random, 1);
  for (let written = first.length; written < bytes; written += rest.length) await file.write(rest);
}

/** A whole number from 0 to below `end`. */
type Random = (end: number) => number;

/** xorshift: the same numbers for the same seed, anywhere. */
export function createRandom(seed: number): Random {
  let state = seed;
  return (end) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 2 ** 32) * end);
  };
}

function lines(random: Random, text: (index: number) => string, head = syslogHead): string {
  const all: string[] = [];
  for (let [length, index] = [0, 0]; length < blockBytes; index++) {
    const line = `${head(random)} ${text(index)}\n`;
    length += line.length;
    all.push(line);
  }
  return all.join('');
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function hex(random: Random, digits: number): string {
  return Array.from({ length: digits }, () => random(16).toString(16)).join('');
}

function syslogHead(random: Random): string {
  return `Nov 28 ${two(3 + random(20))}:${two(random(60))}:${two(random(60))} ${al2Host}`;
}

function isoHead(random: Random): string {
  const second = `${two(random(60))}.${String(random(1e6)).padStart(6, '0')}`;
  return `2024-11-28T${two(3 + random(20))}:${two(random(60))}:${second}+0000 ${al2Host}`;
}

function matchingLine(random: Random): string {
  return `kubelet: I1128 02:59:25.${100_000 + random(899_999)}    5712 ${matching}`;
}

/** A line such as a node logs all day, of kubelet, containerd, kernel and others. */
function quiet(random: Random): string {
  const klog = `02:59:${two(random(60))}.${100_000 + random(899_999)}    ${3000 + random(999)}`;
  const pod = `"kube-system/coredns-${hex(random, 9)}-${hex(random, 5)}"`;
  const texts = [
    () =>
      `kubelet: I1128 ${klog} reconciler.go:224] "operationExecutor.VerifyControllerAttachedVolume started for volume \\"api-${hex(random, 5)}\\" (UniqueName: \\"kubernetes.io/projected/${hex(random, 8)}-api\\") pod \\"web-${hex(random, 5)}\\" " pod=${pod}`,
    () =>
      `kubelet: E1128 ${klog} kubelet.go:2349] "Container runtime network not ready" networkReady="NetworkReady=false reason:NetworkPluginNotReady"`,
    () => `kubelet: I1128 ${klog} kubelet.go:1976] "SyncLoop UPDATE" source="api" pods=[${pod}]`,
    () =>
      `kubelet: I1128 ${klog} prober.go:120] "Probe failed" probeType="Readiness" pod=${pod} probeResult="failure"`,
    () =>
      `containerd: time="2022-11-28T02:59:${two(random(60))}.${100_000_000 + random(899_999_999)}Z" level=info msg="ImageUpdate event name:\\"sha256:${hex(random, 64)}\\" labels:{key:\\"io.cri-containerd.image\\" value:\\"managed\\"}"`,
    () =>
      `containerd: time="2022-11-28T02:59:${two(random(60))}.${100_000_000 + random(899_999_999)}Z" level=info msg="StopPodSandbox for \\"${hex(random, 64)}\\" returns successfully"`,
    () =>
      `kernel: pci 0000:00:0${random(9)}.0: reg 0x10: [mem 0x${hex(random, 8)}-0x${hex(random, 8)} 64bit pref]`,
    () => `kernel: IPv6: ADDRCONF(NETDEV_CHANGE): eni${hex(random, 11)}: link becomes ready`,
    () =>
      `systemd: run-containerd-runc-k8s.io-${hex(random, 64)}-runc.${hex(random, 6)}.mount: Succeeded.`,
    () => `dhclient[${random(9999)}]: XMT: Solicit on eth0, interval ${random(99_999)}ms.`,
    () =>
      `audit: type=1400 audit(16696${random(99_999)}.${random(999)}:${random(999)}): apparmor="STATUS" operation="profile_load" name="cri-containerd.apparmor.d" pid=${random(9999)}`,
  ];
  return texts[random(texts.length)]?.() ?? '';
}
