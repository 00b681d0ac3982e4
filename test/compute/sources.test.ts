/** Each source of GPU prices keeps the contract, and its own peculiarities are known. */
import { type ComputeSubject, computeSourceContract } from "../contracts/compute-sources.ts";
import { serve } from "./source-fixtures.ts";

const subjects: Readonly<Record<string, ComputeSubject>> = {
  "Akash GPU prices": {
    setting: "AKASH_URL",
    base: "",
    path: "/v1/gpu-prices",
    serve: serve.akash,
    says: [
      ["compute.h100_sxm_80.akash.price", "$2.58", "2.58 (median), 2.01 to 3.16, 4 providers"],
      ["compute.a100_sxm_80.akash.price", "$1.19", "1.19 (median), 0.9 to 1.62, 3 providers"],
      ["compute.rtx_4090_24.akash.price", "$0.42", "0.42 (median), 0.35 to 0.61, 7 providers"],
    ],
    gpu: "h100",
    observedAt: null,
  },
  Nosana: {
    setting: "NOSANA_URL",
    base: "",
    path: "/markets/",
    serve: serve.nosana,
    says: [
      ["compute.h100_sxm_80.nosana.price", "$1.50", "median of 3: 1.3636 + 10 % (PREMIUM)"],
      ["compute.rtx_4090_24.nosana.price", "$0.28", "median of 2: 0.2182 + 10 % (COMMUNITY) and 0.2909 + 10 % (PREMIUM)"],
    ],
    gpu: "h100",
    observedAt: null,
  },
  "Azure Retail Prices": {
    setting: "AZURE_PRICES_URL",
    base: "/prices",
    path: "/prices",
    serve: serve.azure,
    says: [
      ["compute.h100_sxm_80.azure.price", "$13.75", "median of 3: 110.0 / 8 GPUs (Standard_ND96isr_H100_v5, swedencentral)"],
      ["compute.h100_sxm_80.azure_spot.price", "$4.92", "39.328 / 8 GPUs (Standard_ND96isr_H100_v5, eastus)"],
      ["compute.h100_nvl_94.azure.price", "$6.98", "6.98 (Standard_NC40ads_H100_v5, eastus)"],
      ["compute.a100_sxm_80.azure.price", "$4.10", "32.77 / 8 GPUs (Standard_ND96amsr_A100_v4, eastus)"],
    ],
    gpu: "h100",
    observedAt: null,
  },
  "gpuhunt catalogue": {
    setting: "GPUHUNT_URL",
    base: "/v3",
    path: "/v3/",
    serve: serve.gpuhunt,
    says: [
      ["compute.h100_sxm_80.aws.price", "$6.88", "median of 3: 6.88 (p5.4xlarge, us-east-1)"],
      ["compute.h100_sxm_80.aws_spot.price", "$2.06", "16.512 / 8 GPUs (p5.48xlarge, us-east-1)"],
      ["compute.a100_sxm_40.aws.price", "$2.74", "21.957642 / 8 GPUs (p4d.24xlarge, us-east-1)"],
      ["compute.h100_sxm_80.gcp.price", "$11.06", "88.490000 / 8 GPUs (a3-highgpu-8g, us-central1-a)"],
      ["compute.h100_sxm_80.lambda.price", "$2.99", "23.92 / 8 GPUs (gpu_8x_h100_sxm5, us-east-1)"],
      ["compute.h100_pcie_80.lambda.price", "$2.49", "2.49 (gpu_1x_h100_pcie, us-west-3)"],
      ["compute.h100_sxm_80.nebius.price", "$2.95", "23.60 / 8 GPUs (gpu-h100-sxm 8gpu-128vcpu-1600gb, eu-north1)"],
      ["compute.h100_sxm_80.oci.price", "$10.00", "80.0 / 8 GPUs (BM.GPU.H100.8, us-ashburn-1)"],
      ["compute.h100_sxm_80.verda.price", "$2.29", "2.29 (1H100.80S.30V, FIN-01)"],
    ],
    gpu: "h100",
    observedAt: "2026-05-17T00:00:00.000Z",
  },
  "Vast.ai": {
    setting: "VAST_URL",
    base: "",
    path: "/bundles/",
    serve: serve.vast,
    says: [
      ["compute.h100_sxm_80.vast.price", "$1.46", "median of 5: 1.46 (host 2)"],
      ["compute.h100_sxm_80.vast_spot.price", "$0.73", "median of 5: 0.73 (host 2)"],
      ["compute.h100_pcie_80.vast.price", "$1.35", "2.7 / 2 GPUs (host 1)"],
      ["compute.h100_pcie_80.vast_spot.price", "$0.675", "1.35 / 2 GPUs (host 1)"],
      ["compute.rtx_4090_24.vast.price", "$0.36", "median of 2: 1.28 / 4 GPUs (host 5) and 0.4 (host 2)"],
      ["compute.rtx_4090_24.vast_spot.price", "$0.13", "median of 2: 0.11 (host 2) and 0.6 / 4 GPUs (host 5)"],
    ],
    gpu: "h100",
    observedAt: null,
  },
  RunPod: {
    setting: "RUNPOD_URL",
    base: "/graphql",
    path: "/graphql",
    serve: serve.runpod,
    says: [
      ["compute.a100_pcie_80.runpod.price", "$1.29", "median of 2: 1.19 (community cloud) and 1.39 (secure cloud)"],
      ["compute.a100_pcie_80.runpod_spot.price", "$0.6", "0.6 (lowest bid)"],
      ["compute.h100_sxm_80.runpod.price", "$2.69", "2.69 (secure cloud)"],
      ["compute.h100_sxm_80.runpod_spot.price", "$1.25", "1.25 (lowest bid)"],
    ],
    gpu: "a100 pcie",
    observedAt: null,
  },
};

for (const [name, subject] of Object.entries(subjects)) computeSourceContract(name, subject);
