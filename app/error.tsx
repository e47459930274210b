"use client";

import { Container } from "@mantine/core";
import ErrorPage, { type ErrorPageProps } from "./(console)/error";

/** What is shown when not even the frame of the console could be, such as while the database is away. */
export default function OuterErrorPage(props: ErrorPageProps) {
  return (
    <Container component="main" size="sm" py="xl">
      <ErrorPage {...props} />
    </Container>
  );
}
