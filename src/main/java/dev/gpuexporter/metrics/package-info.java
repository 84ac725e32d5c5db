/** Every metric once: its name, type, unit and help, and how it is read off a device. */
package dev.gpuexporter.metrics;
