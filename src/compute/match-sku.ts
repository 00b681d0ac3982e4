/** Says which GPU class, and how many of them, stand behind a name in a price list; what is not certain is nothing. */
import { gpus, gpusLike, readGpuName } from "./gpus.ts";
import { type FormFactor, formFactors, type Gpu } from "./types.ts";

/** What a price list says of one thing that it sells; absent where it does not say it. */
export interface Sku {
  /** Whose list: a seller's id. */
  readonly seller: string;
  /** Of the instance or the market. */
  readonly name: string;
  /** The GPU's name, where it has a column of its own. */
  readonly model?: string;
  /** Per GPU, in GB or GiB. */
  readonly memoryGb?: number;
  readonly form?: string;
  readonly gpus?: number;
}

export interface Matched {
  readonly gpu: Gpu;
  readonly gpus: number;
}

/** Azure's list names sizes and no GPU: [size, class, GPUs]. Sizes with a part of a GPU are not among them. */
const azureSizes: readonly (readonly [RegExp, string, number | Readonly<Record<string, number>>])[] = [
  [/^ND96is?r?_H100_v5$/, "h100_sxm_80", 8],
  [/^ND96is?r?_H200_v5$/, "h200_sxm_141", 8],
  [/^NCC?(40|80)adi?s_H100_v5$/, "h100_nvl_94", { 40: 1, 80: 2 }],
  [/^NC(24|48|96)ads_A100_v4$/, "a100_pcie_80", { 24: 1, 48: 2, 96: 4 }],
  [/^ND96asr_(?:A100_)?v4$/, "a100_sxm_40", 8],
  [/^ND96amsr_A100_v4$/, "a100_sxm_80", 8],
  [/^NC(4|8|16|64)as_T4_v3$/, "t4_16", { 4: 1, 8: 1, 16: 1, 64: 4 }],
  [/^NV(36|72)adm?s_A10_v5$/, "a10_24", { 36: 1, 72: 2 }],
  [/^NC(6|12|24)r?s_v3$/, "v100_pcie_16", { 6: 1, 12: 2, 24: 4 }],
  [/^ND40rs_v2$/, "v100_sxm_32", 8],
  [/^ND128isr_(?:NDR_)?GB200_v6$/, "gb200_186", 4],
  [/^ND96is?r?_MI300X_v5$/, "mi300x_oam_192", 8],
];

/** The Azure sizes that are asked for: those above, as Azure writes them. */
export const azureNames: readonly string[] = [
  "ND96isr_H100_v5",
  "ND96isr_H200_v5",
  "NC40ads_H100_v5",
  "NC80adis_H100_v5",
  "NC24ads_A100_v4",
  "NC48ads_A100_v4",
  "NC96ads_A100_v4",
  "ND96asr_v4",
  "ND96amsr_A100_v4",
  "NC4as_T4_v3",
  "NC8as_T4_v3",
  "NC16as_T4_v3",
  "NC64as_T4_v3",
  "NV36ads_A10_v5",
  "NV72ads_A10_v5",
  "NC6s_v3",
  "NC12s_v3",
  "NC24s_v3",
  "ND40rs_v2",
  "ND128isr_NDR_GB200_v6",
  "ND96isr_MI300X_v5",
].map((size) => `Standard_${size}`);

/** The form factor behind clouds' instance names, whose lists have no column for it. From each cloud's own description of its machines. */
const instanceForms: Readonly<Record<string, readonly (readonly [RegExp, FormFactor])[]>> = {
  aws: [[/^(?:p3|p3dn|p4d|p4de|p5|p5e|p5en|p6-b200|p6-b300)\./, "sxm"]],
  gcp: [[/^(?:a2|a3|a4)-/, "sxm"]],
  lambda: [
    [/_sxm\d?$/, "sxm"],
    [/_pcie$/, "pcie"],
    // Eight of them stand on one board; one alone without a suffix is a card.
    [/^gpu_8x_(?:a100|v100)/, "sxm"],
    [/^gpu_[124]x_a100$/, "pcie"],
  ],
  nebius: [[/^gpu-[a-z0-9]+-sxm\b/, "sxm"]],
  oci: [
    [/^BM\.GPU(?:\.H100|\.H200|\.B200|\.A100-v2|4|3)\.\d+$|^VM\.GPU3\.\d+$/, "sxm"],
    [/^(?:VM|BM)\.GPU2\.\d+$/, "pcie"],
    [/^BM\.GPU\.MI300X\.\d+$/, "oam"],
  ],
  verda: [[/^\d+(?:H100|H200|B200|B300|A100|V100)\./, "sxm"]],
};

/** Models whose form the market's own plain name leaves no doubt about. */
const plainForms: Readonly<Record<string, FormFactor>> = { H200: "sxm" };

/** The class and number of whole GPUs; null where any of it is uncertain. */
export function matchSku(sku: Sku): Matched | null {
  if (sku.seller === "azure") return azureSize(sku.name);
  const said = readGpuName(sku.model ?? sku.name);
  if (said === null || said.model === "") return null;
  const own = sku.form === undefined ? null : readForm(sku.form);
  // A form that cannot be read is not the same as none.
  if (own === "unknown") return null;
  const listed = instanceForms[sku.seller]?.find(([pattern]) => pattern.test(sku.name))?.[1] ?? null;
  const plain = sku.seller === "vast" || sku.seller === "runpod" ? (plainForms[said.model] ?? null) : null;
  const form = own ?? said.form ?? listed ?? plain;
  const [gpu, more] = gpusLike({ model: said.model, form, memoryGb: sku.memoryGb ?? said.memoryGb });
  const count = sku.gpus ?? countIn(sku.name);
  return gpu === undefined || more !== undefined || !Number.isInteger(count) || count < 1 ? null : { gpu, gpus: count };
}

function azureSize(name: string): Matched | null {
  const size = name.replace(/^Standard_/, "");
  for (const [pattern, id, counts] of azureSizes) {
    const found = pattern.exec(size);
    const gpu = gpus.find((one) => one.id === id);
    const count = typeof counts === "number" ? counts : counts[found?.[1] ?? ""];
    if (found !== null && gpu !== undefined && count !== undefined) return { gpu, gpus: count };
  }
  return null;
}

function readForm(text: string): FormFactor | "unknown" {
  const [word] = /^[a-z]+(?=\d*$)/.exec(text.trim().toLowerCase()) ?? [];
  return formFactors.find((form) => form === word) ?? "unknown";
}

/** "8x H100" and "NVIDIA 8xH100" are eight. */
const countIn = (name: string): number => Number(/(?:^|\s)(\d{1,2})\s?[x×](?=\s?[A-Z])/i.exec(name)?.[1] ?? 1);
