import type { UnitChange } from '../core/unit-moment.ts';

const phases: Readonly<Record<string, UnitChange['phase']>> = {
  Starting: 'begins',
  Started: 'done',
  Finished: 'done',
  'Reached target': 'done',
  'Failed to start': 'failed',
};
const said =
  /systemd(?:\[1\])?: (Starting|Started|Finished|Reached target|Failed to start) (.{1,200})$/;

/** Reads `systemd[1]: Starting containerd.service - containerd container runtime...`. */
export function unitLine(text: string): UnitChange | undefined {
  const [, verb = '', rest = ''] = said.exec(text) ?? [];
  const phase = phases[verb];
  if (phase === undefined) return undefined;
  const [name = rest] = rest.split(' - ', 1);
  const unit = name === rest ? rest.replace(/\.{1,3}$/, '') : name;
  // A part of a string keeps all of it in memory: this one is kept long.
  return { unit: Buffer.from(unit).toString(), phase };
}
