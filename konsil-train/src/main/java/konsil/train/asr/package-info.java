/** MedASR learns: recordings with their texts, augmentation, batches of clips, the run. */
package konsil.train.asr;
