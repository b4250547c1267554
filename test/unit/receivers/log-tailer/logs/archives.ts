import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { al2Boot, type Al2BootOptions } from '../../../../fixtures/log-tailer/al2-boot.ts';
import type { Sample } from '../../../../support/journal/samples.ts';

/** Writes the logs of a boot of Amazon Linux 2 below a folder. */
export async function writeAl2Boot(root: string, options?: Al2BootOptions): Promise<void> {
  const { messages, pods } = al2Boot(options);
  await write(join(root, 'var/log/messages'), messages);
  for (const [path, text] of Object.entries(pods))
    await write(join(root, 'var/log/pods', path), text);
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

interface Said {
  /** Since the boot. */
  readonly second: number;
  readonly by: string;
  readonly text: string;
}

/** What a node of a newer distribution says in its journal. */
const journalBoot: readonly Said[] = [
  { second: 0, by: 'kernel', text: 'Linux version 6.1.153 (mockbuild@host)' },
  { second: 1, by: 'systemd', text: 'Starting chronyd.service - NTP client/server...' },
  { second: 2.25, by: 'systemd', text: 'Started chronyd.service - NTP client/server.' },
  { second: 3, by: 'systemd', text: 'Reached target network.target - Network.' },
  { second: 4, by: 'systemd', text: 'Starting containerd.service - containerd...' },
  { second: 5.5, by: 'systemd', text: 'Started containerd.service - containerd.' },
  { second: 6, by: 'systemd', text: 'Starting kubelet.service - Kubernetes Kubelet...' },
  {
    second: 6.5,
    by: 'systemd',
    text: 'Startup finished in 1.000s (kernel) + 500ms (initrd) + 5.000s (userspace) = 6.500s.',
  },
  { second: 7, by: 'kubelet', text: '"Successfully registered node" node="worker-1"' },
  {
    second: 12.75,
    by: 'kubelet',
    text: '"Recording event message for object" object="worker-1" kind="Node" event="NodeReady"',
  },
];

export interface JournalBootOptions {
  readonly bootId: string;
  /** When the kernel starts, by a clock that is right. */
  readonly startUnixMs: number;
  /** By how much the clock is behind before it is set, in the fifth second. */
  readonly behindMs?: number;
}

/** The entries of such a boot. */
export function journalSamples(options: JournalBootOptions): Sample[] {
  const { bootId, startUnixMs, behindMs = 0 } = options;
  return journalBoot.map(({ second, by, text }) => {
    const wrongMs = second < 5 ? behindMs : 0;
    const fields = {
      _BOOT_ID: bootId,
      _TRANSPORT: by === 'kernel' ? 'kernel' : 'stdout',
      _HOSTNAME: 'worker-1',
      SYSLOG_IDENTIFIER: by,
      _PID: by === 'systemd' ? '1' : '812',
      MESSAGE: text,
    };
    return {
      realtimeUs: Math.round((startUnixMs + second * 1000 - wrongMs) * 1000),
      monotonicUs: Math.round(second * 1e6),
      bootId,
      fields: Object.entries(fields)
        .filter(([name]) => name !== '_PID' || by !== 'kernel')
        .map(([name, value]) => ({ name, value: Buffer.from(value) })),
    };
  });
}
