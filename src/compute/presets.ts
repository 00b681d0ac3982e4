/** Three runs to start from. Every number is an assumption that says whose it is; none of them changes with a market. */
import type { Preset, Training } from "./types.ts";

const minute = 1 / 60;

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
    sources: [{ title: "The Llama 3 herd of models (Meta, 2024), section 3.3.4", url: "https://arxiv.org/abs/2407.21783" }],
  },
};
