"use client";

import { Alert, Button, FileInput, Loader, Paper, Stack, Text, Textarea } from "@mantine/core";
import { type FormEvent, useEffect, useState } from "react";
import type { Verification } from "@/lib/evidence/report";
import { VerificationReport } from "./verification-report";
import { loadVerifier, verifyInBrowser } from "./verify-in-browser";

const NO_SUPPORT =
  "This browser could not run the verification. It needs Ed25519 in WebCrypto (Chrome 137, Firefox 129, Safari 17 or newer); the command line works everywhere.";

const AFTER_FIRST_PAINT_MS = 1_000;

/** Chooses a pack and a key, verifies in the browser, and says what holds. */
export function VerifyForm() {
  const [pack, setPack] = useState<File | null>(null);
  const [pem, setPem] = useState("");
  const [errors, setErrors] = useState<{ pack?: string; key?: string; run?: string }>({});
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<{ name: string; bytes: number; told: Verification } | null>(null);

  useEffect(() => {
    const timer = setTimeout(() => loadVerifier().catch(() => {}), AFTER_FIRST_PAINT_MS);
    return () => clearTimeout(timer);
  }, []);

  const verify = async (event: FormEvent) => {
    event.preventDefault();
    setResult(null);
    if (!pack) return setErrors({ pack: "Choose the pack, a file such as PACK-7.zip." });
    setErrors({});
    setBusy(true);
    try {
      setResult({ name: pack.name, bytes: pack.size, told: await verifyInBrowser(pack, pem) });
    } catch (error) {
      const aboutKey = error instanceof TypeError && error.message.startsWith("The given key");
      setErrors(aboutKey ? { key: error.message } : { run: NO_SUPPORT });
    }
    setBusy(false);
  };

  return (
    <Stack gap="md">
      <Paper withBorder p="lg">
        <form onSubmit={verify} noValidate>
          <Stack gap="sm">
            <FileInput
              label="Evidence pack"
              description="The ZIP file as you got it, not unpacked"
              placeholder="Choose a file"
              accept=".zip,application/zip"
              clearable
              clearButtonProps={{ "aria-label": "Take the file away" }}
              value={pack}
              onChange={setPack}
              error={errors.pack}
            />
            <KeyField pem={pem} onChange={setPem} error={errors.key} />
            <Button type="submit" loading={busy}>
              Verify
            </Button>
          </Stack>
        </form>
      </Paper>
      <div role="status">
        {busy && (
          <Text size="sm">
            <Loader size="xs" component="span" mr="xs" /> Checking every byte of {pack?.name}…
          </Text>
        )}
        {errors.run && (
          <Alert color="red" variant="light" title="Not verified">
            {errors.run}
          </Alert>
        )}
        {result && <VerificationReport name={result.name} bytes={result.bytes} told={result.told} />}
      </div>
    </Stack>
  );
}

function KeyField({
  pem,
  onChange,
  error,
}: {
  pem: string;
  onChange: (pem: string) => void;
  error: string | undefined;
}) {
  return (
    <>
      <Textarea
        label="Public key of the installation (PEM)"
        description="Get it from the people who run the installation, not from the pack. Without it only the pack's own key can be used, which shows that nothing was changed, but not who made it."
        placeholder="-----BEGIN PUBLIC KEY-----"
        autosize
        minRows={3}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        value={pem}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={error}
      />
      <FileInput
        label="…or a file with it"
        placeholder="public-key.pem"
        accept=".pem,.txt"
        size="xs"
        onChange={async (file) => file && onChange(await file.text())}
      />
    </>
  );
}
