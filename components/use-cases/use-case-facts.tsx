import { SimpleGrid } from "@mantine/core";
import { Fact, FactList } from "@/components/ui/facts";
import { Time } from "@/components/ui/time";
import type { UseCaseView } from "@/lib/use-cases/views";

/** Who owns it, for whom and for what it is. */
export function UseCaseFacts({ useCase }: { useCase: UseCaseView }) {
  const { riskOwner, applicationOwners, audience, purpose, dataClass, environment, policy, slug } = useCase;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" verticalSpacing={0} style={{ alignItems: "start" }}>
      <FactList>
        <Fact name="Risk owner">{riskOwner.name}</Fact>
        <Fact name="Application owners">
          {applicationOwners.map(({ name }) => name).join(", ") || "none"}
        </Fact>
        <Fact name="Policy">
          version {policy.version}, in force since <Time at={policy.effectiveFrom} />
        </Fact>
      </FactList>
      <FactList>
        <Fact name="Audience">{audience}</Fact>
        <Fact name="Purpose">{purpose}</Fact>
        <Fact name="Data">
          up to {dataClass}, in {environment}
        </Fact>
        <Fact name="Name in requests">
          <code>{slug}</code>
        </Fact>
      </FactList>
    </SimpleGrid>
  );
}
