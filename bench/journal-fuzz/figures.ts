import type { JournalCounts } from '../../receivers/log-tailer/journal/counts.ts';
import type { FileFuzz } from '../../test/unit/receivers/log-tailer/journal/fuzz/fuzz-files.ts';
import { measured, type Figure } from '../figure.ts';
import type { FuzzRun } from './run.ts';

/** Reader, mutations and five journals of 8 MiB in one process: 190 MB are held, the rest is yet to be given up. */
const maxRssBytes = 384 * 1024 * 1024;
/** A journal that is read for longer is as good as one that is read for ever. */
const maxMs = 5000;

/** What must hold of a run, and how much there was of what. */
export function fuzzFigures({ files, exports, mostRssBytes }: FuzzRun, wanted: number): Figure[] {
  const total = (key: Exclude<keyof FileFuzz, 'counted'>): number =>
    files.reduce((sum, round) => sum + round[key], 0);
  const counted = (key: keyof JournalCounts): number =>
    files.reduce((sum, round) => sum + round.counted[key], 0);
  const texts = exports.reduce((sum, round) => sum + round.texts, 0);
  const damaged = exports.reduce((sum, round) => sum + round.damaged, 0);
  return [
    once('journals survived', '{journal}', total('files'), { atLeast: wanted }),
    once('opened', '1', total('opened') / total('files'), { atLeast: 0.5 }),
    once('of which all entries were read', '1', total('whole') / total('opened'), null),
    once('entries', '{entry}', total('entries'), { atLeast: wanted }),
    once('fields', '{field}', total('fields'), { atLeast: wanted }),
    once('damaged entries, counted', '{entry}', counted('badEntries'), { atLeast: 1 }),
    once('damaged fields, counted', '{field}', counted('badFields'), { atLeast: 1 }),
    once('chains that break off, counted', '{chain}', counted('brokenChains'), { atLeast: 1 }),
    once('entries beyond the limits', '{entry}', total('beyondLimits'), { atMost: 0 }),
    once('longest', 'ms', Math.max(...files.map(({ longestMs }) => longestMs)), { atMost: maxMs }),
    once('memory at most', 'By', mostRssBytes, { atMost: maxRssBytes }),
    once('exports survived', '{export}', texts, { atLeast: 1 }),
    once('of which damaged ones', '{export}', damaged, { atLeast: 1 }),
  ];
}

function once(figure: string, unit: string, value: number, goal: Figure['goal']): Figure {
  return { figure, unit, ours: measured([value]), peers: {}, goal };
}
