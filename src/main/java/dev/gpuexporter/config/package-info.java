/** What people may set: defaults, file, environment and flags become one tree of records, checked at start. */
package dev.gpuexporter.config;
