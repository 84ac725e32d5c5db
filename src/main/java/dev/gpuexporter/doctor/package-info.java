/** What {@code doctor} checks on a node, what it finds wrong, and how to mend it. */
package dev.gpuexporter.doctor;
