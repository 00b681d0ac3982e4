/** The GPU classes that are compared: one model with one amount of memory in one form factor is one class, and nothing else is the same. */
import { distance } from "fastest-levenshtein";
import { type FormFactor, formFactors, type Gpu } from "./types.ts";

const formNames: Readonly<Record<FormFactor, string>> = { sxm: "SXM", pcie: "PCIe", nvl: "NVL", oam: "OAM" };

/** @param forms null where the model comes in one form only */
const classes = (model: string, forms: readonly (FormFactor | null)[], ...memories: readonly number[]): readonly Gpu[] =>
  forms.flatMap((form) =>
    memories.map((memoryGb) => ({
      id: [...model.toLowerCase().split(" "), ...(form === null ? [] : [form]), memoryGb].join("_"),
      name: [model, ...(form === null ? [] : [formNames[form]]), memoryGb, "GB"].join(" "),
      model,
      form,
      memoryGb,
    })),
  );

/** What is rented most comes first within a model: it is what a bare model name is taken for. Memory as its maker states it. */
export const gpus: readonly Gpu[] = [
  ...classes("H100", ["sxm", "pcie"], 80),
  ...classes("H100", ["nvl"], 94),
  ...classes("H200", ["sxm", "nvl"], 141),
  ...classes("B200", ["sxm"], 180),
  ...classes("B300", ["sxm"], 288),
  ...classes("GH200", [null], 96),
  ...classes("GB200", [null], 186),
  ...classes("A100", ["sxm", "pcie"], 80, 40),
  ...classes("L40S", [null], 48),
  ...classes("L40", [null], 48),
  ...classes("L4", [null], 24),
  ...classes("A40", [null], 48),
  ...classes("A30", [null], 24),
  ...classes("A10", [null], 24),
  ...classes("A10G", [null], 24),
  ...classes("T4", [null], 16),
  ...classes("T4G", [null], 16),
  ...classes("V100", ["sxm", "pcie"], 16, 32),
  ...classes("P100", ["sxm", "pcie"], 16),
  ...classes("P40", [null], 24),
  ...classes("P4", [null], 8),
  ...classes("MI300X", ["oam"], 192),
  ...classes("MI325X", ["oam"], 256),
  ...classes("RTX PRO 6000 Server", [null], 96),
  ...classes("RTX PRO 6000 Workstation", [null], 96),
  ...classes("RTX PRO 5000", [null], 48),
  ...classes("RTX PRO 4500", [null], 32),
  ...classes("RTX PRO 4000", [null], 24),
  ...classes("RTX 6000 Ada", [null], 48),
  ...classes("RTX 5880 Ada", [null], 48),
  ...classes("RTX 5000 Ada", [null], 32),
  ...classes("RTX 4500 Ada", [null], 24),
  ...classes("RTX 4000 Ada", [null], 20),
  ...classes("RTX 4000 SFF Ada", [null], 20),
  ...classes("RTX 2000 Ada", [null], 16),
  ...classes("RTX A6000", [null], 48),
  ...classes("RTX A5500", [null], 24),
  ...classes("RTX A5000", [null], 24),
  ...classes("RTX A4500", [null], 20),
  ...classes("RTX A4000", [null], 16),
  ...classes("Quadro RTX 8000", [null], 48),
  ...classes("Quadro RTX 6000", [null], 24),
  ...classes("Quadro RTX 5000", [null], 16),
  ...classes("Quadro RTX 4000", [null], 8),
  ...classes("RTX 5090", [null], 32),
  ...classes("RTX 5080", [null], 16),
  ...classes("RTX 5070 Ti", [null], 16),
  ...classes("RTX 5070", [null], 12),
  ...classes("RTX 5060 Ti", [null], 16, 8),
  ...classes("RTX 4090", [null], 24),
  ...classes("RTX 4090 D", [null], 24),
  ...classes("RTX 4080 Super", [null], 16),
  ...classes("RTX 4080", [null], 16),
  ...classes("RTX 4070 Ti Super", [null], 16),
  ...classes("RTX 4070 Ti", [null], 12),
  ...classes("RTX 4070 Super", [null], 12),
  ...classes("RTX 4070", [null], 12),
  ...classes("RTX 4060 Ti", [null], 16, 8),
  ...classes("RTX 4060", [null], 8),
  ...classes("RTX 3090 Ti", [null], 24),
  ...classes("RTX 3090", [null], 24),
  ...classes("RTX 3080 Ti", [null], 12),
  ...classes("RTX 3080", [null], 10, 12),
  ...classes("RTX 3070 Ti", [null], 8),
  ...classes("RTX 3070", [null], 8),
  ...classes("RTX 3060 Ti", [null], 8),
  ...classes("RTX 3060", [null], 12),
  ...classes("RTX 2080 Ti", [null], 11),
  ...classes("GTX 1080 Ti", [null], 11),
];

/** What a text says of a GPU. */
interface Said {
  /** Without spaces, in capitals. */
  readonly model: string;
  readonly form: FormFactor | null;
  /** In GB. */
  readonly memoryGb: number | null;
}

/** Parts of a name that say nothing of what the hardware is. */
const noise = /\b(?:NVIDIA|AMD|INSTINCT|GEFORCE|TESLA|BLACKWELL|GENERATION|EDITION|AC)\b/g;
/** Slower sisters under the same number, and parts of a whole GPU. */
const another = /\b(?:LAPTOP|MOBILE|MAX ?Q|MIG|FHHL|VGPU)\b/;

/** Reads a model's name in any of the spellings that markets use; null where it names no whole GPU of a kind of its own. */
export function readGpuName(text: string): Said | null {
  let rest = ` ${text
    .toUpperCase()
    .replace(/[^A-Z0-9.]+/g, " ")
    .trim()} `;
  if (another.test(rest)) return null;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const found = pattern.exec(rest);
    if (found !== null) rest = `${rest.slice(0, found.index)} ${rest.slice(found.index + found[0].length)}`;
    return found;
  };
  rest = rest.replace(noise, " ");
  const memory = take(/\b(\d{1,3}) ?G(?:I?B)?\b/);
  const found: Readonly<Record<FormFactor, RegExpExecArray | null>> = {
    sxm: take(/\bSXM ?\d?\b/) ?? (/\bH100\b/.test(rest) ? take(/\bHBM3\b/) : null),
    pcie: take(/\bPCI ?E ?\d?\b/),
    nvl: take(/\bNVL\b/),
    oam: take(/\bOAM\b/),
  };
  const forms = formFactors.filter((form) => found[form] !== null);
  if (forms.length > 1) return null;
  return { model: rest.replace(/ /g, ""), form: forms[0] ?? null, memoryGb: memory === null ? null : Number(memory[1]) };
}

/** Other spellings of models, as they stand behind `readGpuName`. */
const aliases: Readonly<Record<string, string>> = {
  A6000: "RTX A6000",
  A5500: "RTX A5500",
  A5000: "RTX A5000",
  A4500: "RTX A4500",
  A4000: "RTX A4000",
  QRTX8000: "Quadro RTX 8000",
  RTX8000: "Quadro RTX 8000",
  QRTX6000: "Quadro RTX 6000",
  RTX6000: "Quadro RTX 6000",
  QRTX5000: "Quadro RTX 5000",
  RTX5000: "Quadro RTX 5000",
  QRTX4000: "Quadro RTX 4000",
  RTX4000: "Quadro RTX 4000",
  RTX4080S: "RTX 4080 Super",
  RTX4070STI: "RTX 4070 Ti Super",
  RTX4070TIS: "RTX 4070 Ti Super",
  RTX4070S: "RTX 4070 Super",
  RTXPRO6000S: "RTX PRO 6000 Server",
  PRO6000SE: "RTX PRO 6000 Server",
  RTXPRO6000WS: "RTX PRO 6000 Workstation",
  PRO6000WE: "RTX PRO 6000 Workstation",
};
const compact = (model: string): string => model.toUpperCase().replace(/[^A-Z0-9]/g, "");
const byModel = Map.groupBy(gpus, ({ model }) => compact(model));

/** Drivers and clouds state less than the maker's memory, and some count in GiB: what is further off is another card. */
const memoryTolerance = 0.07;

/** The classes that agree with everything that is said: none where nothing is known of them, several where too little is said. */
export function gpusLike({ model, form, memoryGb }: Said): readonly Gpu[] {
  const named = aliases[model];
  const sisters = byModel.get(named === undefined ? model : compact(named)) ?? [];
  return sisters.filter(
    (gpu) =>
      (memoryGb === null || Math.abs(memoryGb - gpu.memoryGb) <= memoryTolerance * gpu.memoryGb) &&
      (form === null || form === gpu.form || (gpu.form === null && form === "pcie")),
  );
}

/** The classes that a member may mean, likeliest first; none where the text is no GPU's name. A model's bare number will do. */
export function gpusMeant(text: string): readonly Gpu[] {
  const id = gpus.find((gpu) => gpu.id === text.trim().toLowerCase());
  if (id !== undefined) return [id];
  const said = readGpuName(text);
  if (said === null) return [];
  const direct = gpusLike(said);
  return direct.length > 0 ? direct : gpusLike({ ...said, model: `RTX${said.model}` });
}

/** Classes whose names begin with, contain, or nearly are what was typed, best first; all for an empty text. */
export function nearestGpus(text: string): readonly Gpu[] {
  const wanted = compact(text);
  const meant = gpusMeant(text);
  const farness = (gpu: Gpu): number => {
    if (meant.includes(gpu)) return -1;
    const name = compact(gpu.name);
    if (name.startsWith(wanted) || compact(gpu.model).startsWith(wanted)) return 0;
    if (wanted.length >= 2 && name.includes(wanted)) return 1;
    if (wanted.length < 3) return Number.POSITIVE_INFINITY;
    const slips = distance(compact(gpu.model), wanted);
    return slips <= Math.max(1, Math.floor(wanted.length / 4)) ? 1 + slips : Number.POSITIVE_INFINITY;
  };
  return gpus
    .map((gpu) => ({ gpu, far: farness(gpu) }))
    .filter(({ far }) => far < Number.POSITIVE_INFINITY)
    .toSorted((a, b) => a.far - b.far)
    .map(({ gpu }) => gpu);
}
