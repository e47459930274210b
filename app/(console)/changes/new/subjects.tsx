import { List, ListItem, Paper, SimpleGrid, Title } from "@mantine/core";
import type { PageCtx } from "@/app/page-context";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkAnchor, LinkButton } from "@/components/ui/links";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/access/permissions";
import { DATA_CLASSES } from "@/lib/policy/vocabulary";
import { SETTING_KEYS, SETTINGS } from "@/lib/settings/schema";
import { listUseCases } from "@/lib/use-cases/queries";

const MOST = 200;

/** Everything of which the reader may propose a change, each as a link to its form. */
export async function Subjects({ ctx }: { ctx: PageCtx }) {
  const policies = await policiesFor(ctx);
  const governs = can(ctx.actor, "governance:propose");
  return (
    <>
      <PageHeader
        title="Propose a change"
        description="Choose what it is of. Nothing changes until its seats approve it and it is applied."
      />
      {policies.length === 0 && !governs ? (
        <EmptyState
          title="There is nothing of which you may propose a change"
          action={<LinkButton href="/changes">Back to the changes</LinkButton>}
        >
          Security leads, and the owners of a use case, propose changes of its policy.
        </EmptyState>
      ) : (
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          {policies.length > 0 && <Choices title="The policy of a use case" choices={policies} />}
          {governs && <Choices title="A floor" choices={FLOORS} />}
          {governs && <Choices title="A setting of governance" choices={SETTINGS_OF_GOVERNANCE} />}
        </SimpleGrid>
      )}
    </>
  );
}

interface Choice {
  href: string;
  label: string;
}

const FLOORS: readonly Choice[] = DATA_CLASSES.map((dataClass) => ({
  href: `/changes/new?floor=${dataClass}`,
  label: `Floor of ${dataClass} data`,
}));

const SETTINGS_OF_GOVERNANCE: readonly Choice[] = SETTING_KEYS.map((key) => ({
  href: `/changes/new?setting=${key}`,
  label: SETTINGS[key].title,
}));

/** Of a security lead every use case, of others those that they own. */
async function policiesFor(ctx: PageCtx): Promise<Choice[]> {
  const { actor } = ctx;
  const mine = can(actor, "change:create") ? {} : { mine: "true" as const };
  const { items } = await listUseCases(ctx, { limit: MOST, ...mine });
  return items.flatMap(({ slug, name, tier, riskOwner, applicationOwners }) => {
    const isAllowed = can(actor, "change:create", {
      isRiskOwner: riskOwner.id === actor.id,
      isApplicationOwner: applicationOwners.some(({ id }) => id === actor.id),
    });
    return isAllowed ? [{ href: `/changes/new?useCase=${slug}`, label: `${name} (tier ${tier})` }] : [];
  });
}

function Choices({ title, choices }: { title: string; choices: readonly Choice[] }) {
  return (
    <Paper withBorder p="md" component="section">
      <Title order={2} size="h5" mb="xs">
        {title}
      </Title>
      <List size="sm" spacing={6} listStyleType="none">
        {choices.map(({ href, label }) => (
          <ListItem key={href}>
            <LinkAnchor href={href} underline="always" prefetch={false}>
              {label}
            </LinkAnchor>
          </ListItem>
        ))}
      </List>
    </Paper>
  );
}
