/** NVML as it is, and in Java's words: the C library, its structs and codes, and one object a GPU. */
package dev.gpuexporter.nvml;
