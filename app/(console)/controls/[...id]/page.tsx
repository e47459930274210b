import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { pageContext } from "@/app/page-context";
import { ControlPage } from "@/components/controls/control-page";
import { ControlTabs } from "@/components/controls/control-tabs";
import { PageHeader } from "@/components/ui/page-header";
import { WordBadge } from "@/components/vocabulary/badges";
import { getControl, isCustomControl } from "@/lib/policy/catalogue";
import { exampleCedar } from "@/lib/policy/example-cedar";
import { getControlFindings } from "@/lib/telemetry/get-control-findings";
import { listBindings } from "@/lib/use-cases/binding-queries";
import { getControlCedar } from "@/lib/use-cases/policy-queries";

interface ControlPageProps {
  params: Promise<{ id: string[] }>;
}

const MONTH_MS = 30 * 86_400_000;

async function idOf(params: ControlPageProps["params"]): Promise<string> {
  return (await params).id.map(decodeURIComponent).join("/");
}

export async function generateMetadata({ params }: ControlPageProps): Promise<Metadata> {
  const id = await idOf(params);
  return { title: getControl(id)?.title ?? "No such control" };
}

export default async function OneControlPage({ params }: ControlPageProps) {
  const ctx = await pageContext();
  const id = await idOf(params);
  const control = getControl(id);
  const window = { from: new Date(ctx.now.getTime() - MONTH_MS), to: ctx.now };
  const [bindings, findings] = await Promise.all([
    listBindings(ctx, { control: id }),
    getControlFindings(ctx, { control: id, ...window }),
  ]);
  if (control === null || (isCustomControl(id) && bindings.length === 0)) notFound();
  const example = exampleCedar(id);
  const cedar = example
    ? [{ title: "What it compiles to at L2 or with an example baseline", text: example }]
    : await getControlCedar(ctx, { control: id, useCases: bindings.map(({ useCase }) => useCase.slug) });
  return (
    <>
      <ControlTabs here="" />
      <PageHeader
        title={control.title}
        description={control.catches}
        badges={<WordBadge word="control">{`confidence ${control.confidence}`}</WordBadge>}
      />
      <ControlPage
        control={control}
        bindings={bindings}
        findings={findings}
        window={{ from: window.from.toISOString(), to: window.to.toISOString() }}
        cedar={cedar}
      />
    </>
  );
}
