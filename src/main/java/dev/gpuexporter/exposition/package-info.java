/** Series become bytes: once for each snapshot and map, format and encoding. */
package dev.gpuexporter.exposition;
