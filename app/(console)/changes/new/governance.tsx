import { pageContext } from "@/app/page-context";
import { ChangeForm, SettingForm } from "@/components/changes/loaded-forms";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/links";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/access/permissions";
import type { ChangeView } from "@/lib/changes/views";
import { NO_FLOOR } from "@/lib/policy/lattice";
import type { DataClass } from "@/lib/policy/vocabulary";
import { getSetting } from "@/lib/settings/queries";
import { SETTINGS, type SettingKey } from "@/lib/settings/schema";
import { findFloor } from "@/lib/use-cases/policy-in-force";
import { listUseCases } from "@/lib/use-cases/queries";

/** Proposes a change of the floor of a data class. */
export async function NewFloorChange({ dataClass }: { dataClass: DataClass }) {
  const ctx = await pageContext();
  const title = `Propose a change: floor of ${dataClass} data`;
  if (!can(ctx.actor, "governance:propose")) return <Refused title={title} back="/settings/floors" />;
  const floor = await findFloor(ctx.db, dataClass, ctx.now);
  return (
    <>
      <PageHeader title={title} description={againstText(floor?.number ?? 0)} />
      <ChangeForm
        {...(await floorFormProps(dataClass))}
        proposal={floor?.document ?? NO_FLOOR}
        justification=""
        edited={null}
        keptAs="new"
      />
    </>
  );
}

/** Proposes a change of a setting of governance. */
export async function NewSettingChange({ setting }: { setting: SettingKey }) {
  const ctx = await pageContext();
  const title = `Propose a change: ${SETTINGS[setting].title.toLowerCase()}`;
  if (!can(ctx.actor, "governance:propose")) return <Refused title={title} back="/settings/governance" />;
  const { number, value } = await getSetting(ctx.db, setting, ctx.now);
  return (
    <>
      <PageHeader title={title} description={againstText(number)} />
      <SettingForm
        setting={setting}
        baseVersion={number}
        value={value}
        proposal={value}
        justification=""
        edited={null}
      />
    </>
  );
}

/** Edits a change of a floor or a setting. */
export async function EditGovernanceChange({ change }: { change: ChangeView }) {
  const ctx = await pageContext();
  const { documents, subject, justification, id, ref, revision } = change;
  const edited = { id, ref, revision };
  const title = `Edit ${ref}: ${subject.title}`;
  if (documents) {
    return (
      <>
        <PageHeader title={title} description={againstText(change.currentVersion)} />
        <ChangeForm
          {...(await floorFormProps(subject.key as DataClass))}
          proposal={documents.proposal}
          justification={justification}
          edited={edited}
          keptAs={ref}
        />
      </>
    );
  }
  const setting = subject.key as SettingKey;
  const { number, value } = await getSetting(ctx.db, setting, ctx.now);
  return (
    <>
      <PageHeader title={title} description={againstText(number)} />
      <SettingForm
        setting={setting}
        baseVersion={number}
        value={value}
        proposal={change.proposal}
        justification={justification}
        edited={edited}
      />
    </>
  );
}

/** What the form of a floor needs besides the proposal; custom controls are tried on a use case that stands on it. */
async function floorFormProps(dataClass: DataClass) {
  const ctx = await pageContext();
  const floor = await findFloor(ctx.db, dataClass, ctx.now);
  const useCases = await listUseCases(ctx, { limit: 200 });
  const tryOn = useCases.items.find((useCase) => useCase.dataClass === dataClass)?.slug ?? null;
  return {
    of: { floor: dataClass },
    tryOn,
    base: { version: floor?.number ?? 0, document: floor?.document ?? NO_FLOOR },
    floor: null,
    workloads: [],
  };
}

function againstText(version: number): string {
  const base = version === 0 ? "what holds initially" : `version ${version}, which is in force`;
  return `Against ${base}. Nothing changes until its seats approve it and it is applied.`;
}

function Refused({ title, back }: { title: string; back: string }) {
  return (
    <>
      <PageHeader title={title} />
      <EmptyState
        title="You may not propose a change here"
        action={<LinkButton href={back}>Back to settings</LinkButton>}
      >
        Security leads and risk owners propose changes of floors and settings.
      </EmptyState>
    </>
  );
}
