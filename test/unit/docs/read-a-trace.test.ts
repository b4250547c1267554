import assert from 'node:assert/strict';
import { explain } from '../../../cli/explain/explanation.ts';
import { explanationText } from '../../../cli/explain/text.ts';
import { asciiGlyphs } from '../../../cli/terminal/glyphs.ts';
import { linksOf, readMarkdown } from '../../support/markdown.ts';
import { recordedTrace } from '../../support/recorded-trace.ts';

const page = 'docs/read-a-trace.md';

describe(page, () => {
  it('shows the explanation of the recorded trace as the program writes it', async () => {
    const explained = explain(await recordedTrace('network-plugin'));
    assert.ok(explained.kind !== 'impossible');
    const text = explanationText(
      explained.explanation,
      { kind: 'none' },
      { width: 100, colour: false, glyphs: asciiGlyphs, hour: '' },
    );
    // The last paragraph is about other probes, of which the recording has none.
    const own = text.split('\n\n').slice(0, -1).join('\n\n');

    assert.ok(readMarkdown(page).includes(`\`\`\`text\n${own}\n\`\`\``), own);
  });

  it('shows a picture, light and dark', () => {
    const pictures = linksOf(page).filter(({ target }) => target.endsWith('.png'));

    assert.deepEqual(
      pictures.map(({ target }) => target),
      ['pictures/slow-network-plugin-dark.png', 'pictures/slow-network-plugin-light.png'],
    );
  });
});
