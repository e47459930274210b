"use client";

import { Box, SegmentedControl, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import classes from "./cedar-diff.module.css";
import { lineDiff, withContext } from "./line-diff";

const MARKS = { same: " ", added: "+", removed: "−" } as const;
const WORDS = { same: "", added: "added: ", removed: "removed: " } as const;

/** Two Cedar texts as one list of lines, what was removed before what was added. */
export function CedarDiff({ before, after }: { before: string; after: string }) {
  const [shown, setShown] = useState("changes");
  const lines = useMemo(() => lineDiff(before, after), [before, after]);
  const visible = shown === "all" ? lines : withContext(lines, 3);
  const changed = lines.filter(({ kind }) => kind !== "same").length;
  if (changed === 0) return <Text size="sm">The Cedar text stays the same.</Text>;
  return (
    <>
      <SegmentedControl
        size="xs"
        mb="xs"
        className="no-print"
        aria-label="Lines shown"
        value={shown}
        onChange={setShown}
        data={[
          { value: "changes", label: `${changed} changed lines` },
          { value: "all", label: `All ${lines.length} lines` },
        ]}
      />
      <Box component="section" className={classes["code"]} tabIndex={0} aria-label="Cedar text, line by line">
        {visible.map((line, index) =>
          line === null ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name than their place
            <div key={index} className={classes["gap"]}>
              …
            </div>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name than their place
            <div key={index} className={classes["line"]} data-kind={line.kind}>
              <span className={classes["number"]}>{line.before ?? ""}</span>
              <span className={classes["number"]}>{line.after ?? ""}</span>
              <span aria-hidden>{MARKS[line.kind]} </span>
              <span className={classes["word"]}>{WORDS[line.kind]}</span>
              <code>{line.text}</code>
            </div>
          ),
        )}
      </Box>
    </>
  );
}

/** A Cedar text as it stands. */
export function CedarText({ text }: { text: string }) {
  return (
    <Box component="section" className={classes["code"]} tabIndex={0} aria-label="Cedar text">
      {text.split("\n").map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name than their place
        <div key={index} className={classes["line"]}>
          <span className={classes["number"]}>{index + 1}</span>
          <code>{line}</code>
        </div>
      ))}
    </Box>
  );
}
