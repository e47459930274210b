"use client";

import dynamic from "next/dynamic";

/** The forms of changes, each with its own script: a page proposes of one kind. */
export const ChangeForm = dynamic(() => import("./change-form").then((module) => module.ChangeForm));
export const SettingForm = dynamic(() =>
  import("@/components/settings/setting-form").then((module) => module.SettingForm),
);
