"use client";

import { Checkbox, Stack } from "@mantine/core";
import { ROLES, type Role } from "@/lib/access/permissions";

const MEANING: Record<Role, string> = {
  admin: "connects sign-in and workloads, manages people; approves nothing",
  security_lead: "decides on exceptions and changes, steps policies down",
  risk_owner: "answers for the risk of the use cases they are named for",
  application_owner: "acts on their own use cases: asks for changes and exceptions",
  auditor: "reads everything, exports evidence, writes nothing",
};

interface RoleChoiceProps {
  value?: Role[];
  onChange?: (roles: Role[]) => void;
  error?: React.ReactNode;
}

/** Roles to tick, each with what it means. */
export function RoleChoice({ value = [], onChange, error }: RoleChoiceProps) {
  return (
    <Checkbox.Group
      label="Roles"
      value={value}
      onChange={(roles) => onChange?.(ROLES.filter((role) => roles.includes(role)))}
      error={error}
    >
      <Stack gap={6} mt={4}>
        {ROLES.map((role) => (
          <Checkbox
            key={role}
            value={role}
            label={role.replace("_", " ")}
            description={MEANING[role]}
            size="sm"
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
