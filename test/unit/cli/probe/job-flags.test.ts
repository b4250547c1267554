import assert from 'node:assert/strict';
import { Option } from 'commander';
import { podFlags } from '../../../../cli/probe/job-flags.ts';
import { probeOptions } from '../../../../receivers/pod-prober/config.ts';

const known = {
  options: [new Option('--here', ''), ...probeOptions],
  namespace: 'kube-latency',
};

describe('podFlags', () => {
  const cases: { title: string; args: string[]; flags: string[]; lasting: boolean }[] = [
    { title: 'nothing', args: [], flags: [], lasting: false },
    {
      title: 'both forms, as they are',
      args: ['--count', '3', '--node=worker', '--require-export'],
      flags: ['--count', '3', '--node=worker', '--require-export'],
      lasting: true,
    },
    {
      title: 'not what is for this machine',
      args: ['--kubeconfig', '/k', '--context=c', '--output', 'json', '--port', '80', '--here'],
      flags: ['--port', '80'],
      lasting: false,
    },
    {
      title: 'not the short output',
      args: ['-o', 'json', '--image=i', '-ojson'],
      flags: ['--image=i'],
      lasting: false,
    },
    {
      title: 'values that look like flags',
      args: ['--command', '--output', '--node', 'n'],
      flags: ['--command', '--output', '--node', 'n'],
      lasting: false,
    },
    {
      title: 'no separator',
      args: ['--port', '80', '--'],
      flags: ['--port', '80'],
      lasting: false,
    },
    { title: 'longer probes', args: ['--timeout=9m'], flags: ['--timeout=9m'], lasting: true },
    { title: 'rounds', args: ['--interval', '5s'], flags: ['--interval', '5s'], lasting: true },
    {
      title: "the prober's own namespace",
      args: ['--namespace=kube-latency'],
      flags: ['--namespace=kube-latency'],
      lasting: false,
    },
  ];
  for (const { title, args, flags, lasting } of cases)
    it(`passes on: ${title}`, () => {
      assert.deepEqual(podFlags(args, known), { flags, lasting });
    });

  for (const args of [['--namespace', 'mine'], ['--namespace=mine']])
    it(`refuses ${args.join(' ')} with a hint`, () => {
      assert.throws(() => podFlags(args, known), {
        name: 'ConfigError',
        message: /^--namespace mine: expected kube-latency.*--here/,
      });
    });
});
