import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runCommandLine } from '../../../../cli/run.ts';
import { recordedContext } from '../context.ts';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

/** What a line is completed to, by the shell that runs the script. */
const completions: Record<Shell, (script: string, line: string) => Promise<string[]>> = {
  async bash(script, line) {
    // As readline splits a line, which takes an equals sign for a word.
    const words = line.split(/ |(=)/).filter((word) => word !== undefined);
    const quoted = words.map((word) => `'${word}'`).join(' ');
    return lines('bash', [
      '--norc',
      '-c',
      `compopt() { :; }; source ${script}; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}
       _kube_latency; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ]);
  },
  async zsh(script, line) {
    // What completion adds is caught where it is added, in a zsh that has a terminal.
    return lines('zsh', ['-f', '-c', zshDriver, script, line]);
  },
  async fish(script, line) {
    const found = await lines('fish', [
      '--no-config',
      '-c',
      `source ${script}; complete -C ${JSON.stringify(line)}`,
    ]);
    return found.map((each) => each.split('\t')[0] ?? '').map((each) => each.replace(/^.*=/, ''));
  },
};

const zshDriver = `
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1=; stty -echo; autoload -U compinit; compinit -u -D; source $0; print REA''DY"
until zpty -r shell answer && [[ $answer == *READY* ]]; do :; done
zpty -w shell 'compadd() { local -a found; builtin compadd -O found "$@"; print -l -- ADDED:$^found; builtin compadd "$@" }
tell() { zle complete-word; print EN""D }; zle -N tell; bindkey "^I" tell; print REA""DY2'
until zpty -r shell answer && [[ $answer == *READY2* ]]; do :; done
zpty -w -n shell "$1"$'\\t'
while zpty -r shell answer; do
  print -r -- $answer
  [[ $answer == *END* ]] && break
done | sed -n 's/.*ADDED:\\([^ ]*\\).*/\\1/p' | tr -d '\\r'
zpty -d shell`;

async function lines(program: string, args: readonly string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)(program, [...args], { timeout: 20_000 });
  return stdout.split('\n').filter((line) => line !== '');
}

for (const shell of shells)
  describe(`the completion of ${shell}`, function () {
    this.timeout(30_000);
    let folder: string;
    let script: string;

    before(async function () {
      if (spawnSync(shell, ['--version']).status !== 0) this.skip();
      const context = recordedContext();
      assert.equal(await runCommandLine(['completion', shell], '1.2.3', context), 0);
      folder = await mkdtemp(join(tmpdir(), 'kube-latency-test-'));
      script = join(folder, `kube-latency.${shell}`);
      await writeFile(script, context.printed.out.join('\n'));
    });
    after(async () => {
      if (folder !== undefined) await rm(folder, { recursive: true });
    });

    const cases = [
      { line: 'kube-latency tr', offers: ['trace'] },
      { line: 'kubectl-latency sta', offers: ['start', 'status'] },
      { line: 'kube-latency probe --first-packet ', offers: ['http', 'icmp', 'none', 'tcp'] },
      { line: 'kube-latency status --output ', offers: ['json', 'text'] },
      { line: 'kube-latency status --output=', offers: ['json', 'text'] },
      { line: 'kube-latency completion ', offers: ['bash', 'fish', 'zsh'] },
      { line: 'kube-latency down --o', offers: ['--on'] },
      { line: 'kube-latency boot packag', offers: ['package.json'] },
      { line: 'kube-latency rtt --from packag', offers: ['package.json'] },
    ];
    for (const { line, offers } of cases)
      it(`offers ${offers.join(', ')} behind \`${line}\``, async () => {
        const found = new Set(await completions[shell](script, line));

        assert.deepEqual(
          offers.filter((offer) => !found.has(offer)),
          [],
          [...found].join(' '),
        );
        assert.ok(!found.has('explain'), [...found].join(' '));
      });
  });
