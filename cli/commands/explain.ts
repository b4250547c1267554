import { Option, type Command } from 'commander';
import { startDeadline } from '../../receivers/shared/deadline.ts';
import { StartupError } from '../../receivers/shared/errors.ts';
import type { CommandContext, ExitCode, Select } from '../command.ts';
import { compare, type Comparison } from '../explain/comparison.ts';
import { explain as explainTrace, type Explanation } from '../explain/explanation.ts';
import { hourOf, type Hour } from '../explain/hour.ts';
import { explanationJson } from '../explain/json.ts';
import { phaseSpanNames } from '../explain/boundaries.ts';
import { explanationText } from '../explain/text.ts';
import { addAskedTrace, readAskedTrace, type AskedOptions } from '../trace/asked.ts';
import type { TraceReference } from '../trace/reference.ts';
import type { ProbeSource } from '../trace/source.ts';

interface ExplainOptions extends AskedOptions {
  readonly output: 'text' | 'json';
}

/** How long reading the other probes may take. */
const comparisonMs = 15_000;

const help = `
The critical path of the pod's start, from asking for it to Ready: walked back
from the end, each instant belongs to the work that was the last to finish.
Steps add up to the whole time; steps below 1 % are put together. Marked with ~:
no span measured it, the pod's status, settings or the order of events tell what
it was. Marked with ?: no span accounts for it. The other probes are those of the
last hour, or of the hour before an older pod.

JSON: traceId, pod, outcome, failure, total, verdict (cause, subject, node,
seconds, share, certainty, evidence, sentence), causes, steps (cause, component,
what, node, startSeconds, seconds, share, certainty, evidence), comparison. Each
time is also there as nanoseconds in decimal text, which add up exactly.
Causes: api-server, webhook, etcd, scheduling, kubelet, volumes, sandbox,
network-plugin, image, init-container, container-config, container-start, crash,
readiness, other, unaccounted.

Examples:
  kube-latency explain last                      the newest probe
  kube-latency explain shop/web-6cfbccfd8d-cjfcd
  kube-latency explain last --output json | jq -r .verdict.sentence`;

export function defineExplain(program: Command, select: Select): void {
  const command = program
    .command('explain')
    .description('say where the time of a pod that started slowly went')
    .addOption(
      new Option('-o, --output <format>', 'how to print it')
        .choices(['text', 'json'])
        .default('text'),
    );
  addAskedTrace(command)
    .addHelpText('after', help)
    .action((reference: TraceReference, options: ExplainOptions) =>
      select((context) => explain(context, reference, options)),
    );
}

async function explain(
  context: CommandContext,
  reference: TraceReference,
  options: ExplainOptions,
): Promise<ExitCode> {
  const { trace, source } = await readAskedTrace(context, reference, options);
  const explained = explainTrace(trace);
  if (explained.kind === 'impossible') throw new StartupError(explained.problem);
  const { explanation } = explained;
  const hour = hourOf(explanation, BigInt(Date.now()) * 1_000_000n);
  const comparison = await compareWithin(hour, explanation, { source, signal: context.signal });
  context.print(
    options.output === 'json'
      ? JSON.stringify(explanationJson(explanation, comparison), undefined, 2)
      : explanationText(explanation, comparison, { ...context.terminal, hour: hour.words }),
  );
  return 0;
}

/** An explanation is worth having without the others: what keeps them away is told in their place. */
async function compareWithin(
  { fromNs, toNs }: Hour,
  explanation: Explanation,
  { source, signal }: { readonly source: ProbeSource; readonly signal: AbortSignal },
): Promise<Comparison> {
  const deadline = startDeadline(comparisonMs, signal);
  try {
    const names = Object.values(phaseSpanNames);
    const found = await source.probes({ fromNs, toNs, names }, deadline.signal);
    return found.kind === 'found'
      ? compare(explanation, found.probes)
      : { kind: 'unknown', problem: found.problem };
  } catch (caught) {
    signal.throwIfAborted();
    if (!deadline.expired()) throw caught;
    return { kind: 'unknown', problem: `no answer within ${comparisonMs / 1000} s` };
  } finally {
    deadline.clear();
  }
}
