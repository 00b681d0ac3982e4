/** Three runs to start from. Every number is an assumption that says whose it is; none of them changes with a market. */
import type { Preset, Training } from "./types.ts";

const minute = 1 / 60;

const assumed = "assumed here, to be replaced by what you measure";

export const presets: Readonly<Record<Training, Preset>> = {
  rendering: {
    plan: {
      gpus: 1,
      gpusPerNode: 1,
      hours: 48,
      perNodeDay: 0.5,
      interval: 10 * minute,
      write: 10 / 3600,
      restart: 5 * minute,
      lost: 0.01,
      recovery: "all",
    },
    assumptions: [
      "Frames do not wait for each other, so one GPU is a run of its own; a finished frame (10 minutes) is its checkpoint.",
      `One interruption in two days, 5 minutes to return, 1 % of the frames lost: ${assumed}.`,
    ],
    sources: [],
  },
  fine_tuning: {
    plan: {
      gpus: 8,
      gpusPerNode: 8,
      hours: 24,
      perNodeDay: 0.1,
      interval: 30 * minute,
      write: minute,
      restart: 10 * minute,
      lost: 0.01,
      recovery: "all",
    },
    assumptions: [
      "One machine with 8 GPUs for a day of work.",
      `One interruption in ten days, a checkpoint every 30 minutes that takes one minute, 10 minutes to return, 1 % lost: ${assumed}.`,
    ],
    sources: [],
  },
  pre_training: {
    plan: {
      gpus: 1024,
      gpusPerNode: 8,
      hours: 720,
      perNodeDay: 0.0038,
      interval: 1,
      write: 2 * minute,
      restart: 20 * minute,
      lost: 0.01,
      recovery: "all",
    },
    assumptions: [
      "1,024 GPUs for 30 days of work; one interruption stops them all.",
      "0.0038 interruptions per node and day, as in the training of Llama 3 405B: 419 unexpected ones in 54 days on 16,384 GPUs, 8 to a node. That is a data centre of one operator; networks of strangers have more.",
      `A checkpoint every hour that takes 2 minutes, 20 minutes to return, 1 % lost: ${assumed}.`,
    ],
    sources: [{ title: "The Llama 3 herd of models (Meta, 2024), section 3.3.4", url: "https://arxiv.org/abs/2407.21783" }],
  },
};
