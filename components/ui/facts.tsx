import { Box, Text } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./facts.module.css";

/** Names and values, such as owners and dates; one below the other on a narrow screen. */
export function FactList({ children }: { children: ReactNode }) {
  return (
    <Box component="dl" className={classes["list"]}>
      {children}
    </Box>
  );
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <Text component="dt" size="sm" c="dimmed">
        {name}
      </Text>
      <Text component="dd" size="sm" m={0} style={{ overflowWrap: "anywhere" }}>
        {children}
      </Text>
    </>
  );
}
