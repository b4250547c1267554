import assert from 'node:assert/strict';
import { parseCommand } from '../../../cli/parse.ts';
import { commandCalls, documentedCommands } from '../../support/documented-commands.ts';
import { documentedRuns } from '../../support/documented-runs.ts';
import { markdownFiles } from '../../support/markdown.ts';

/** What stands for something of the user's. */
const placeholders: Readonly<Record<string, string>> = {
  TRACE: '0af7651916cd43dd8448eb211c80319c',
  '<trace>': '0af7651916cd43dd8448eb211c80319c',
};

describe('commands in the Markdown files', () => {
  const calls = markdownFiles().flatMap((path) =>
    documentedCommands(path).flatMap(({ at, line }) =>
      commandCalls(line).map((args) => ({ at, line, args })),
    ),
  );

  it('are found', () => {
    assert.ok(calls.length > 20, `${calls.length} calls`);
  });

  it('have commands, options and values that kube-latency takes', () => {
    const about = { version: '1.2.3', width: 80, called: 'kube-latency' };
    const refused = calls.flatMap(({ at, line, args }) => {
      const parsed = parseCommand(
        args.map((word) => placeholders[word] ?? word),
        about,
      );
      return parsed.kind === 'misused' ? [`${at}: ${line}: ${parsed.problem}`] : [];
    });

    assert.deepEqual(refused, []);
  });

  it('are run by a test, or it is said why not, where they are in README.md or docs/', () => {
    const guides = markdownFiles().filter(
      (path) => path === 'README.md' || path.startsWith('docs/'),
    );
    const lines = new Set(guides.flatMap(documentedCommands).map(({ line }) => line));

    assert.deepEqual([...lines].toSorted(), Object.keys(documentedRuns).toSorted());
  });
});
