import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { probeOptions } from '../../../../receivers/pod-prober/config.ts';
import { failureReasons } from '../../../../receivers/pod-prober/failure.ts';
import { clockNoteKinds, phaseNames, phaseSpans } from '../../../../receivers/pod-prober/phases.ts';

describe('README of the prober', () => {
  const path = new URL('../../../../receivers/pod-prober/README.md', import.meta.url);
  // Tables are padded by the formatter.
  const readme = readFileSync(path, 'utf8').replaceAll(/ +/g, ' ');

  for (const { flags, description } of probeOptions) {
    it(`tells of ${flags}`, () => {
      const row = readme.split('\n').find((line) => line.startsWith(`| \`${flags}\` |`));

      assert.ok(row?.includes(description.replaceAll('|', '\\|')));
    });
  }

  for (const reason of failureReasons) {
    it(`tells of failure ${reason}`, () => {
      assert.ok(readme.includes(`| \`${reason}\` |`));
    });
  }

  for (const kind of clockNoteKinds) {
    it(`tells of clock note ${kind}`, () => {
      assert.ok(readme.includes(`| \`kube_latency.phase.${kind}\` | phases |`));
    });
  }

  for (const phase of phaseNames) {
    it(`tells of phase ${phase} and its span`, () => {
      assert.ok(readme.includes(`| \`${phase}\` | \`${phaseSpans[phase]}\` |`));
    });
  }
});
