import type { Moment } from './log-clock.ts';
import { dmesgStampAt } from './kernel-stamp.ts';
import { klogStampAt, logfmtStampAt } from './program-stamp.ts';
import { secondNs, type Stamp } from './stamp.ts';

/** How far into a line a program's own stamp is looked for: after the names of host and program. */
const farthest = 160;
const colon = 0x3a;
const space = 0x20;
const quarterNs = 900 * secondNs;
/** The line is stamped after the program did, within so much. */
const mostLateNs = 2 * secondNs;

/**
 * The stamp that a program of Kubernetes, a container runtime or the kernel gave its line, behind `kubelet[1234]: `; undefined: it
 * gave none.
 */
export function programStamp(line: Uint8Array, from: number): Stamp | undefined {
  const end = Math.min(line.length, from + farthest);
  for (let at = from; at + 1 < end; at++)
    if (line[at] === colon && line[at + 1] === space) return stampAt(line, at + 2);
  return undefined;
}

function stampAt(line: Uint8Array, at: number): Stamp | undefined {
  const read = klogStampAt(line, at) ?? logfmtStampAt(line, at) ?? dmesgStampAt(line, at);
  return read?.stamp;
}

/**
 * A moment that is exact to a second alone, as exact as the program's own stamp, where both may be of the same moment; with the
 * kernel's time since boot where that is what the line has.
 */
export function refined(moment: Moment, program: Stamp): Moment {
  if (program.kind === 'since-boot') return { ...moment, monotonicUs: program.monotonicUs };
  if (program.precisionNs >= moment.precisionNs) return moment;
  const laterNs =
    program.kind === 'instant'
      ? Number(program.unixNs - moment.atUnixNs)
      : withinQuarter(program.nsOfDay - Number(moment.atUnixNs % BigInt(86_400 * secondNs)));
  if (laterNs < -mostLateNs || laterNs >= moment.precisionNs) return moment;
  return {
    ...moment,
    atUnixNs: moment.atUnixNs + BigInt(laterNs),
    precisionNs: program.precisionNs,
  };
}

/** Zones differ by quarters of an hour: what is left is by how much two clocks differ, whatever their zones. */
function withinQuarter(ns: number): number {
  const rest = (((ns + quarterNs / 2) % quarterNs) + quarterNs) % quarterNs;
  return rest - quarterNs / 2;
}
