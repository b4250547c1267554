import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { imageEntry, imageWorkingDir } from '../../../../build/image/app-files.ts';
import { imageUser } from '../../../../build/image/names.ts';
import { imageNode } from '../../../../build/image/node-files.ts';
import packageJson from '../../../../package.json' with { type: 'json' };

interface Instruction {
  readonly name: string;
  readonly text: string;
}

const root = resolve(import.meta.dirname, '../../../..');
const instructions = readFileSync(join(root, 'Dockerfile'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line): Instruction => {
    const [, name = '', text = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? assert.fail(line);
    return { name, text };
  });
const starts = instructions.flatMap(({ name }, index) => (name === 'FROM' ? [index] : []));
const stages = starts.map((start, index) => instructions.slice(start, starts[index + 1]));
const ofStage = (stage: readonly Instruction[] | undefined, name: string): string[] =>
  (stage ?? []).filter((instruction) => instruction.name === name).map(({ text }) => text);
const last = stages.at(-1);
const stageNames = stages.flatMap((stage) =>
  ofStage(stage, 'FROM').flatMap((text) => / AS (\S+)$/.exec(text)?.[1] ?? []),
);

describe('the Dockerfile', () => {
  it('takes its base as an argument, by exact tag: the Node that the lock file has', () => {
    const [argument, ...more] = instructions.slice(0, starts[0]);

    assert.deepEqual(more, []);
    assert.equal(argument?.name, 'ARG');
    const image = `NODE_IMAGE=docker.io/library/node:${packageJson.dependencies.node}-bookworm-slim`;
    assert.match(argument.text, new RegExp(`^${RegExp.escape(image)}(@sha256:[0-9a-f]{64})?$`));
  });

  it('has stages of that base alone, and ends in one of nothing', () => {
    const bases = stages.map((stage) => ofStage(stage, 'FROM')[0]?.replace(/^--platform=\S+ /, ''));

    assert.deepEqual(bases, ['${NODE_IMAGE} AS app', '${NODE_IMAGE} AS runtime', 'scratch']);
  });

  it('copies what is there, and what .dockerignore lets through', () => {
    const letThrough = readFileSync(join(root, '.dockerignore'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const sources = instructions
      .filter(({ name, text }) => name === 'COPY' && !text.startsWith('--from='))
      .flatMap(({ text }) => text.split(' ').slice(0, -1));

    assert.ok(sources.length > 5);
    for (const source of sources) {
      assert.ok(existsSync(join(root, source)), source);
      assert.ok(letThrough.includes(source.split('/')[0] ?? ''), source);
    }
  });

  it('copies from stages that it has into the last, and runs nothing there', () => {
    const copies = ofStage(last, 'COPY').map(
      (text) => /^--from=(\S+) \/image\/ \/$/.exec(text)?.[1],
    );

    assert.deepEqual(new Set(copies), new Set(stageNames));
    assert.deepEqual(ofStage(last, 'RUN'), []);
  });

  it('runs scripts of the repository', () => {
    const scripts = stages
      .flatMap((stage) => ofStage(stage, 'RUN'))
      .flatMap((text) => /^node (\S+) (\S+) \/image$/.exec(text)?.slice(1) ?? []);

    assert.deepEqual(scripts, ['build/image/folder.ts', 'app', 'build/image/folder.ts', 'runtime']);
  });

  it('is run as the archives are: user, folder, entry point and what it does without arguments', () => {
    assert.deepEqual(ofStage(last, 'USER'), [imageUser]);
    assert.deepEqual(ofStage(last, 'WORKDIR'), [imageWorkingDir]);
    assert.deepEqual(ofStage(last, 'ENTRYPOINT'), [JSON.stringify([imageNode])]);
    assert.deepEqual(ofStage(last, 'CMD'), [JSON.stringify([imageEntry('rtt-pinger')])]);
  });
});
