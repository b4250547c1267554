import { ThemeButton } from '../../../html/page/theme-button.tsx';
import type { Theme } from '../../../html/page/theme.ts';
import { utcTime } from '../../../terminal/utc-time.ts';
import type { ClusterReport } from '../../cluster-report.ts';
import { Alerts } from './alerts.tsx';
import { Boots } from './boots.tsx';
import { Doctor } from './doctor.tsx';
import { Mesh } from './mesh.tsx';
import { Probes } from './probes.tsx';
import { Section } from './section.tsx';

interface PageProps {
  readonly report: ClusterReport;
  readonly theme: Theme;
  readonly onTheme: (theme: 'light' | 'dark') => void;
}

/** The whole page. */
export function Page({ report, theme, onTheme }: PageProps) {
  const { atMs, probes, mesh, boots, alerts, doctor } = report;
  const where = doctor.kind === 'read' ? doctor.value : undefined;
  const version = where?.version ?? null;
  return (
    <>
      <header class="heading">
        <div class="title">
          <h1>Latency of a cluster</h1>
          <div class="subtitle">
            {where !== undefined && <bdi>{where.server}</bdi>}
            {version !== null && <bdi>{version}</bdi>}
            <span>{utcTime(atMs)}</span>
          </div>
        </div>
        <div class="tools">
          <ThemeButton theme={theme} onTheme={onTheme} />
        </div>
      </header>
      <main class="report">
        <Section title="Alerts" part={alerts} of={(value) => <Alerts alerts={value} />} />
        <Section title="Pod starts" part={probes} of={(value) => <Probes {...value} />} />
        <Section
          title="Round trips between nodes"
          part={mesh}
          of={(value) => <Mesh report={value} />}
        />
        <Section title="Node boots" part={boots} of={(value) => <Boots boots={value} />} />
        <Section title="Doctor" part={doctor} of={(value) => <Doctor {...value} />} />
      </main>
    </>
  );
}
