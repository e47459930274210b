"use client";

import { Anchor, Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { ApiProblem, api, fetched } from "@/components/api";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { fieldProblems } from "@/components/ui/use-kept-form";
import { type CreateFirstAdminInput, createFirstAdminSchema } from "@/lib/people/schema";

const FIELDS = ["name", "email", "password"] as const;

/** Makes the first admin through the one-time link. */
export function SetupForm({ token }: { token: string }) {
  const form = useForm<CreateFirstAdminInput>({
    initialValues: { token, name: "", email: "", password: "" },
    validate: schemaResolver(createFirstAdminSchema, { sync: true }),
  });
  const create = useMutation({
    mutationFn: (json: CreateFirstAdminInput) => fetched(api.setup.$post({ json })),
    onError: (error) => {
      if (error instanceof ApiProblem) form.setErrors(fieldProblems(error, FIELDS));
    },
  });
  if (create.data) {
    return (
      <Paper withBorder p="lg" role="status">
        <Title order={2} size="h4" mb="xs">
          {create.data.name} is the first admin
        </Title>
        <Text size="sm">
          The link is used up.{" "}
          <Anchor href="/sign-in" underline="always">
            Sign in
          </Anchor>
          , then add the people who govern: an admin approves nothing.
        </Text>
      </Paper>
    );
  }
  return (
    <Paper withBorder p="lg">
      <form onSubmit={form.onSubmit((values) => create.mutate(values))} noValidate>
        <Stack gap="sm">
          <TextInput label="Your name" autoComplete="name" {...form.getInputProps("name")} />
          <TextInput label="E-mail" type="email" autoComplete="username" {...form.getInputProps("email")} />
          <PasswordInput
            label="Password"
            description="At least 12 characters"
            autoComplete="new-password"
            {...form.getInputProps("password")}
          />
          {create.error && <ProblemAlert error={create.error} />}
          <Button type="submit" loading={create.isPending}>
            Create the first admin
          </Button>
        </Stack>
      </form>
    </Paper>
  );
}
