import { SeverityNumber, type Logger } from '@opentelemetry/api';

import { blameLabels } from '../core/mesh-families.ts';
import { findingText } from '../core/finding.ts';
import type { VerdictChange } from '../core/verdicts.ts';

/** Tells a change of a verdict as a log record of OpenTelemetry. */
export function emitVerdict(logger: Logger, { kind, verdict }: VerdictChange): void {
  const appeared = kind === 'appeared';
  logger.emit({
    eventName: `kube_latency.rtt.blame.${kind}`,
    severityNumber: appeared ? SeverityNumber.WARN : SeverityNumber.INFO,
    severityText: appeared ? 'WARN' : 'INFO',
    body: `${findingText(verdict)}: ${appeared ? 'at fault' : 'cleared'}`,
    attributes: { ...blameLabels(verdict), 'kube_latency.rtt.loss': verdict.loss },
  });
}
