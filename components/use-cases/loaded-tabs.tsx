"use client";

import dynamic from "next/dynamic";

/** The tabs of a use case, each with its own script: a page sends that of the tab it shows. */
export const BaselineTab = dynamic(() => import("./baseline-tab").then((module) => module.BaselineTab));
export const ControlsTab = dynamic(() => import("./controls-tab").then((module) => module.ControlsTab));
export const DecisionsTab = dynamic(() => import("./decisions-tab").then((module) => module.DecisionsTab));
export const ExceptionsTab = dynamic(() => import("./exceptions-tab").then((module) => module.ExceptionsTab));
export const HistoryTab = dynamic(() => import("./history-tab").then((module) => module.HistoryTab));
export const RolloutTab = dynamic(() => import("./rollout-tab").then((module) => module.RolloutTab));
export const WorkloadsTab = dynamic(() => import("./workloads-tab").then((module) => module.WorkloadsTab));
