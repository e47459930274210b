"use client";

import { Alert, Button, Container, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { signIn } from "next-auth/react";
import { useState } from "react";

/** Signs in and goes on to `next`. A refusal keeps the e-mail and says why. */
export function SignInForm({ next }: { next: string }) {
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useForm({
    initialValues: { email: "", password: "" },
    validate: {
      email: (value) => (/^\S+@\S+$/.test(value.trim()) ? null : "Enter your e-mail address."),
      password: (value) => (value ? null : "Enter your password."),
    },
  });
  const submit = form.onSubmit(async (values) => {
    setBusy(true);
    setError(null);
    const answer = await signIn("credentials", { ...values, redirect: false }).catch(() => undefined);
    if (answer?.ok) {
      window.location.assign(next);
      return;
    }
    setBusy(false);
    setError(answer?.error ?? "The console does not answer. Check the connection and try again.");
    form.setFieldValue("password", "");
  });
  return (
    <Container size={400} py={{ base: 40, sm: 96 }} component="main">
      <Title order={1} size="h2" mb={4}>
        Sign in to Sluice
      </Title>
      <Text c="dimmed" mb="lg">
        Policy of GenAI applications, from logging to enforcement, with proof.
      </Text>
      <Paper withBorder p="lg">
        <form onSubmit={submit} noValidate>
          <Stack>
            {error && (
              <Alert color="red" variant="light" role="alert" title="Not signed in">
                {error}
              </Alert>
            )}
            <TextInput label="E-mail" type="email" autoComplete="username" {...form.getInputProps("email")} />
            <PasswordInput
              label="Password"
              autoComplete="current-password"
              {...form.getInputProps("password")}
            />
            <Button type="submit" loading={busy}>
              Sign in
            </Button>
          </Stack>
        </form>
      </Paper>
    </Container>
  );
}
