/** The node under DCGM's names: its own table of fields, computed from what a snapshot holds already. */
package dev.gpuexporter.exposition.dcgm;
